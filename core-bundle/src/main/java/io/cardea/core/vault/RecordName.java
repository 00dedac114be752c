package io.cardea.core.vault;

import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.OAuthException;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;

/**
 * The name of the file for a connection: {@code provider~connection}. Some file systems do not tell capitals from small
 * letters: a connection with capitals is written small, and which letters they are follows as a number, a bit for each
 * letter, as in {@code github~work~1} for Work.
 */
final class RecordName {

    private static final char SEPARATOR = '~';
    private static final int HEXADECIMAL = 16;

    private RecordName() {}

    static String of(ConnectionKey key) {
        String connection = key.connection();
        BigInteger capitals = BigInteger.ZERO;
        for (int i = 0; i < connection.length(); i++) {
            if (Character.isUpperCase(connection.charAt(i))) {
                capitals = capitals.setBit(i);
            }
        }
        String name = key.provider() + SEPARATOR + connection.toLowerCase(Locale.ROOT);
        return capitals.signum() == 0 ? name : name + SEPARATOR + capitals.toString(HEXADECIMAL);
    }

    /** The connection whose file has this name; absent when it is none of ours. */
    static Optional<ConnectionKey> read(String name) {
        String[] parts = name.split(String.valueOf(SEPARATOR), -1);
        if (parts.length < 2 || parts.length > 3) {
            return Optional.empty();
        }
        try {
            BigInteger capitals = parts.length == 3 ? new BigInteger(parts[2], HEXADECIMAL) : BigInteger.ZERO;
            StringBuilder connection = new StringBuilder(parts[1]);
            for (int i = 0; i < connection.length(); i++) {
                if (capitals.testBit(i)) {
                    connection.setCharAt(i, Character.toUpperCase(connection.charAt(i)));
                }
            }
            // There is one way to write a name, and no other is ours.
            return Optional.of(new ConnectionKey(parts[0], connection.toString()))
                    .filter(key -> of(key).equals(name));
        } catch (NumberFormatException | OAuthException e) {
            return Optional.empty();
        }
    }
}
