package io.cardea.provider.testkit;

import java.util.function.Predicate;

/**
 * One sentence of the contract, and how to find out whether a provider keeps it.
 *
 * @param name the sentence
 * @param applies whether it concerns this provider at all
 * @param body fails with an {@link AssertionError} that says in words what is wrong
 */
record Check(String name, Predicate<Trial> applies, Body body) {

    /** What a check does. */
    interface Body {
        void run(Trial trial);
    }

    static Check of(String name, Predicate<Trial> applies, Body body) {
        return new Check(name, applies, body);
    }
}
