/** Spring Authorization Server, with a person and clients for the tests. */
@NullMarked
package io.cardea.itests.server;

import org.jspecify.annotations.NullMarked;
