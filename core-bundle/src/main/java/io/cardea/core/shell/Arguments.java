package io.cardea.core.shell;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What stands behind a verb: words, and options as {@code --name value} or {@code --name=value}, in any order. */
final class Arguments {

    private static final String OPTION = "--";

    private final String usage;
    private final List<String> words = new ArrayList<>();
    private final Map<String, String> options = new HashMap<>();

    /**
     * Reads arguments.
     *
     * @param usage what a caller is told who got it wrong
     * @param known the names of the options that there are, without dashes
     * @throws CommandException for an option that is unknown, given twice or has no value
     */
    Arguments(String usage, Set<String> known, String... given) {
        this.usage = usage;
        for (int i = 0; i < given.length; i++) {
            if (!given[i].startsWith(OPTION)) {
                words.add(given[i]);
                continue;
            }
            int equals = given[i].indexOf('=');
            String name = given[i].substring(OPTION.length(), equals < 0 ? given[i].length() : equals);
            if (!known.contains(name)) {
                throw wrong("There is no option --" + name);
            }
            String value;
            if (equals >= 0) {
                value = given[i].substring(equals + 1);
            } else if (i + 1 < given.length && !given[i + 1].startsWith(OPTION)) {
                i++;
                value = given[i];
            } else {
                throw wrong("--" + name + " needs a value");
            }
            if (value.isEmpty()) {
                throw wrong("--" + name + " needs a value");
            }
            if (options.put(name, value) != null) {
                throw wrong("--" + name + " is there twice");
            }
        }
    }

    /** The word at a place, counted from 0; absent when there are not that many. */
    Optional<String> word(int index) {
        return index < words.size() ? Optional.of(words.get(index)) : Optional.empty();
    }

    /** The word at a place that must be there. */
    String word(int index, String what) {
        return word(index).orElseThrow(() -> wrong(what + " is missing"));
    }

    /** Refuses what nobody would look at. */
    void requireWords(int most) {
        if (words.size() > most) {
            throw wrong("'" + words.get(most) + "' is one too many");
        }
    }

    /** Refuses options that this use of the verb has not. */
    void requireOptions(Set<String> usable) {
        for (String name : options.keySet()) {
            if (!usable.contains(name)) {
                throw wrong("--" + name + " has no meaning here");
            }
        }
    }

    Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name));
    }

    /** The values of an option that takes several, separated by commas; empty when it is not there. */
    Set<String> list(String name) {
        Set<String> values = new HashSet<>();
        for (String value : option(name).map(all -> all.split(",", -1)).orElse(new String[0])) {
            // An empty list would stand for all.
            if (value.isBlank()) {
                throw wrong("--" + name + " has an empty value");
            }
            values.add(value.strip());
        }
        return values;
    }

    /** A failure that tells the usage, too. */
    CommandException wrong(String what) {
        return new CommandException(what + ". Usage: " + usage);
    }
}
