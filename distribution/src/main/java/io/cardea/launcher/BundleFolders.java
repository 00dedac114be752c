package io.cardea.launcher;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The folder bundles/: a folder whose name begins with a number holds the bundles of that start level, any other is a
 * group that is started when it is asked for.
 */
record BundleFolders(Path root) {
    /** The jars by start level, in the order of their names. */
    SortedMap<Integer, List<Path>> levels() {
        SortedMap<Integer, List<Path>> levels = new TreeMap<>();
        for (Path folder : list(root, "{[1-9],[1-9][0-9]}-*")) {
            String name = folder.getFileName().toString();
            Integer level = Integer.valueOf(name.substring(0, name.indexOf('-')));
            List<Path> jars = new ArrayList<>(levels.getOrDefault(level, List.of()));
            jars.addAll(jars(folder));
            levels.put(level, jars);
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
        return list(folder, "*.jar");
    }

    private static List<Path> list(Path folder, String pattern) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, pattern)) {
            List<Path> list = new ArrayList<>();
            entries.forEach(list::add);
            Collections.sort(list);
            return list;
        } catch (IOException e) {
            throw new Refusal("Cannot read " + folder + ": " + Refusal.reason(e), e);
        }
    }
}
