package io.cardea.core.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cardea.core.seal.Sealer;
import java.nio.ByteBuffer;
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
 * @param plugin the bundle whose provider began the login, and should end it
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
        String plugin,
        String server,
        String connection,
        List<String> scopes,
        Optional<String> returnTo,
        long expiresAt) {

    private static final byte FORMAT = 3;

    /** Seals this login for the provider that it was begun with; it opens for no other. */
    String seal(Sealer sealer, String provider) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sealer.seal(bytes(), place(provider)));
    }

    /** For {@link #read}, not yet sealed. */
    byte[] bytes() {
        List<byte[]> texts = new ArrayList<>();
        for (String text :
                List.of(state, nonce, codeVerifier.orElse(""), plugin, server, connection, returnTo.orElse(""))) {
            texts.add(text.getBytes(UTF_8));
        }
        scopes.forEach(scope -> texts.add(scope.getBytes(UTF_8)));
        int length = Byte.BYTES + Long.BYTES;
        for (byte[] text : texts) {
            length += Short.BYTES + text.length;
        }
        byte[] message = new byte[length];
        ByteBuffer out = ByteBuffer.wrap(message).put(FORMAT).putLong(expiresAt);
        texts.forEach(text -> out.putShort((short) text.length).put(text));
        return message;
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

    /** What {@link #bytes} made; absent when another version did. */
    static Optional<PendingLogin> read(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.get() != FORMAT) {
            return Optional.empty();
        }
        long expiresAt = in.getLong();
        String state = text(in);
        String nonce = text(in);
        Optional<String> codeVerifier = unlessEmpty(text(in));
        String plugin = text(in);
        String server = text(in);
        String connection = text(in);
        Optional<String> returnTo = unlessEmpty(text(in));
        List<String> scopes = new ArrayList<>();
        while (in.hasRemaining()) {
            scopes.add(text(in));
        }
        return Optional.of(
                new PendingLogin(state, nonce, codeVerifier, plugin, server, connection, scopes, returnTo, expiresAt));
    }

    private static String text(ByteBuffer in) {
        byte[] text = new byte[Short.toUnsignedInt(in.getShort())];
        in.get(text);
        return new String(text, UTF_8);
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
