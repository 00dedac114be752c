package io.cardea.oauth;

import java.nio.file.Path;

/**
 * A login that was taken over from another program.
 *
 * @param connection what holds the credential now
 * @param file what it was read from
 * @param warning for people, in one line: what may happen now that two programs hold one login
 */
public record Imported(Connection connection, Path file, String warning) {}
