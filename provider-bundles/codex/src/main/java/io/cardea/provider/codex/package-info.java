/** Log in to OpenAI Codex. */
@NullMarked
package io.cardea.provider.codex;

import org.jspecify.annotations.NullMarked;
