/** Log in to the Claude API. */
@NullMarked
package io.cardea.provider.claudeapi;

import org.jspecify.annotations.NullMarked;
