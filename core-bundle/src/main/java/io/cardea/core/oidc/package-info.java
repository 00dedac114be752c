/** Whose login it was: ID tokens, and the keys that vouch for them. */
@NullMarked
package io.cardea.core.oidc;

import org.jspecify.annotations.NullMarked;
