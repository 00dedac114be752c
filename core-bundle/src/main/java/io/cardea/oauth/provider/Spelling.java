package io.cardea.oauth.provider;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A known word, and how many letters lie between it and what was written (Levenshtein's distance). */
record Spelling(String known, int distance) {

    private static final int MAX_DISTANCE = 2;

    /** The known word that was meant; absent when all are too far away. */
    static Optional<String> meant(String written, Stream<String> known) {
        return known.map(word -> of(word, written))
                .filter(spelling -> spelling.distance() <= MAX_DISTANCE)
                .min(Comparator.comparingInt(Spelling::distance))
                .map(Spelling::known);
    }

    private static Spelling of(String known, String written) {
        int[] row = IntStream.rangeClosed(0, written.length()).toArray();
        for (int i = 1; i <= known.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= written.length(); j++) {
                int replaced = diagonal + (known.charAt(i - 1) == written.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return new Spelling(known, row[written.length()]);
    }
}
