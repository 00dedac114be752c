package io.cardea.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder bundles/: a folder whose name begins with a number holds the bundles of that start level, any other is a
 * group that is started when it is asked for.
 */
record BundleFolders(Path root) {
    private static final Pattern LEVEL = Pattern.compile("([1-9]\\d?)-.+");

    /** The jars by start level, in the order of their names. */
    SortedMap<Integer, List<Path>> levels() {
        SortedMap<Integer, List<Path>> levels = new TreeMap<>();
        for (Path folder : list(root)) {
            Matcher name = LEVEL.matcher(folder.getFileName().toString());
            if (name.matches()) {
                levels.computeIfAbsent(Integer.valueOf(name.group(1)), level -> new ArrayList<>())
                        .addAll(jars(folder));
            }
        }
        if (levels.isEmpty()) {
            throw new Refusal("There are no bundles in " + root);
        }
        return levels;
    }

    /** The jars of one group. */
    List<Path> group(String name) {
        return jars(root.resolve(name));
    }

    private static List<Path> jars(Path folder) {
        return list(folder).stream()
                .filter(file -> file.getFileName().toString().endsWith(".jar"))
                .toList();
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw new Refusal("Cannot read " + folder + ": " + Refusal.reason(e), e);
        }
    }
}
