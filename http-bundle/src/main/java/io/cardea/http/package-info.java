/** The OAuth endpoints and pages on the HTTP whiteboard. Knows HTTP and nothing else: what a login is, core knows. */
@NullMarked
package io.cardea.http;

import org.jspecify.annotations.NullMarked;
