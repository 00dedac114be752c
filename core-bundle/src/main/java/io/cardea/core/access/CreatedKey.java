package io.cardea.core.access;

/**
 * A key that has just been made. This is the only time that anybody sees it.
 *
 * @param key what is kept of it
 * @param value the key itself, {@code cardea_} and 43 characters
 */
public record CreatedKey(ApiKey key, String value) {

    /** Without the key itself. */
    @Override
    public String toString() {
        return "CreatedKey[key=" + key + "]";
    }
}
