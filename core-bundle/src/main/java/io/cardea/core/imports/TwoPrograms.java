package io.cardea.core.imports;

/** What becomes of a login that two programs hold. */
final class TwoPrograms {

    private TwoPrograms() {}

    /** Where a refresh token is replaced each time that it is used (RFC 9700, section 4.14.2). */
    static String rotating(String program) {
        return program + " holds the same login, and two programs must not refresh one token: as soon as Cardea does, "
                + program + " loses its login, and the other way round. Log in again in " + program
                + ", and each has a login of its own.";
    }
}
