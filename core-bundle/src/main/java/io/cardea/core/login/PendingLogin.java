package io.cardea.core.login;

import io.cardea.core.seal.Sealer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A login between redirect and callback, small enough for a cookie.
 *
 * @param state what the callback must bring back
 * @param nonce what the ID token must say
 * @param codeVerifier the PKCE code verifier; absent where the provider does not do PKCE
 * @param server a digest of the server and the client that the login was begun with
 * @param connection the name of the connection that is to hold the credential
 * @param scopes what was asked for
 * @param returnTo where the browser goes afterwards
 * @param expiresAt when the login ends, in epoch seconds
 */
record PendingLogin(
        String state,
        String nonce,
        Optional<String> codeVerifier,
        String server,
        String connection,
        List<String> scopes,
        Optional<String> returnTo,
        long expiresAt) {

    private static final int FORMAT = 2;

    /** Seals this login for the provider that it was begun with; it opens for no other. */
    String seal(Sealer sealer, String provider) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            out.writeLong(expiresAt);
            out.writeUTF(state);
            out.writeUTF(nonce);
            out.writeUTF(codeVerifier.orElse(""));
            out.writeUTF(server);
            out.writeUTF(connection);
            out.writeUTF(returnTo.orElse(""));
            out.writeShort(scopes.size());
            for (String scope : scopes) {
                out.writeUTF(scope);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(sealer.seal(bytes.toByteArray(), place(provider)));
    }

    /** The login; absent when it is not one of ours, or not one of this provider's. */
    static Optional<PendingLogin> open(String sealed, Sealer sealer, String provider) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(sealed);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        return sealer.open(bytes, place(provider)).flatMap(PendingLogin::read);
    }

    private static Optional<PendingLogin> read(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readByte() != FORMAT) {
                return Optional.empty();
            }
            long expiresAt = in.readLong();
            String state = in.readUTF();
            String nonce = in.readUTF();
            Optional<String> codeVerifier = unlessEmpty(in.readUTF());
            String server = in.readUTF();
            String connection = in.readUTF();
            Optional<String> returnTo = unlessEmpty(in.readUTF());
            List<String> scopes = new ArrayList<>();
            for (int left = in.readUnsignedShort(); left > 0; left--) {
                scopes.add(in.readUTF());
            }
            return Optional.of(
                    new PendingLogin(state, nonce, codeVerifier, server, connection, scopes, returnTo, expiresAt));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> unlessEmpty(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private static String place(String provider) {
        return "login " + provider;
    }

    /** Without state, nonce and verifier. */
    @Override
    public String toString() {
        return "PendingLogin[connection=" + connection + "]";
    }
}
