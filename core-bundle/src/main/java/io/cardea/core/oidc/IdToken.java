package io.cardea.core.oidc;

import java.util.Optional;

/**
 * What a valid ID token says.
 *
 * @param issuer who vouches for it
 * @param subject the account's identifier there
 * @param account how a person knows the account; absent where it does not say
 */
public record IdToken(String issuer, String subject, Optional<String> account) {}
