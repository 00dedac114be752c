/**
 * The provider {@code playground}, and the component that makes the authorization server behind it. The server itself is
 * in {@code server}, its pages and HTTP endpoints are in {@code web}.
 */
@NullMarked
package io.cardea.provider.playground;

import org.jspecify.annotations.NullMarked;
