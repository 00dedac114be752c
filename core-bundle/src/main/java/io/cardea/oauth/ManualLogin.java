package io.cardea.oauth;

/**
 * A login whose code a person pastes.
 *
 * @param flow names this login for {@link Flows#complete} and {@link Flows#status}
 * @param authorizationUrl where the person goes to find the code
 */
public record ManualLogin(String flow, String authorizationUrl) {

    /** Without the URL, which holds {@code state}. */
    @Override
    public String toString() {
        return "ManualLogin[]";
    }
}
