/** Log in to GitLab. */
@NullMarked
package io.cardea.provider.gitlab;

import org.jspecify.annotations.NullMarked;
