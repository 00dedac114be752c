/**
 * The authorization server, without HTTP: a class for each endpoint, each of which takes parameters and answers with a
 * value or an {@link io.cardea.provider.playground.server.OAuthError}. Begin at
 * {@link io.cardea.provider.playground.server.AuthorizationServer}.
 */
@NullMarked
package io.cardea.provider.playground.server;

import org.jspecify.annotations.NullMarked;
