package io.cardea.core.leak;

/** A class to be loaded and forgotten, by {@link ClassUnloading}. */
final class Probe {

    private Probe() {}
}
