package io.cardea.core.login;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cardea.core.seal.Sha256;
import java.util.Base64;

/** Proof Key for Code Exchange with S256 (RFC 7636, section 4). */
final class CodeVerifier {

    /** How many random bytes a verifier is made of (section 4.1). */
    static final int BYTES = 32;

    private CodeVerifier() {}

    /** The code challenge (section 4.2). */
    static String challenge(String verifier) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Sha256.of(verifier.getBytes(US_ASCII)));
    }
}
