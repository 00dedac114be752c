/**
 * The authorization server's pages and HTTP endpoints: servlets in an HTTP whiteboard context of their own. They read
 * requests and write answers; what is allowed is decided in {@code server}.
 */
@NullMarked
package io.cardea.provider.playground.web;

import org.jspecify.annotations.NullMarked;
