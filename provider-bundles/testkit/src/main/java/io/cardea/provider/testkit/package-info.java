/**
 * For the tests of those who write providers: {@link io.cardea.provider.testkit.ProviderContract} is what every provider
 * must keep, and {@link io.cardea.provider.testkit.AuthorizationServer} the server to try it against, with real HTTP.
 */
@NullMarked
package io.cardea.provider.testkit;

import org.jspecify.annotations.NullMarked;
