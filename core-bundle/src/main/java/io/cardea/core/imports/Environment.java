package io.cardea.core.imports;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where programs keep their files.
 *
 * @param home the user's home folder
 * @param variables the environment variables
 */
record Environment(Path home, Map<String, String> variables) {

    static Environment ofThisProcess() {
        return new Environment(Path.of(System.getProperty("user.home")), System.getenv());
    }

    /** The folder that a variable names; where it is not set or empty, one below the home folder. */
    Path folder(String variable, String belowHome) {
        String named = variables.getOrDefault(variable, "");
        return named.isBlank() ? home.resolve(belowHome) : Path.of(named);
    }
}
