package io.cardea.core.imports;

import java.nio.file.Path;
import java.util.List;

/** A program that logs in by itself, and how it keeps what came of it. */
interface ForeignProgram {

    /** What people call it. */
    String title();

    /** The provider that it logs in to. */
    String provider();

    /** Where it keeps its login: the first of these that exists. */
    List<Path> files(Environment environment);

    /** For people, in one line: what to do where there is no such file. */
    String whereElse();

    /**
     * The login in a file.
     *
     * @throws io.cardea.oauth.OAuthException naming the file and the member that is missing or of another type
     */
    ForeignLogin read(LoginFile file);

    /** For people, in one line: what may happen now that two programs hold one login. */
    String warning();
}
