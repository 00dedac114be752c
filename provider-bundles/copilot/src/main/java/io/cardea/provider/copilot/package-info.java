/** Log in to GitHub Copilot. */
@NullMarked
package io.cardea.provider.copilot;

import org.jspecify.annotations.NullMarked;
