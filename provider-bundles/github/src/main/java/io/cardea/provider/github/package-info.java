/** Log in to GitHub. */
@NullMarked
package io.cardea.provider.github;

import org.jspecify.annotations.NullMarked;
