package io.cardea.core.leak;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.ref.WeakReference;
import java.util.Objects;

/**
 * Counts the collections that unload classes, whatever collector there is and whatever it calls them. A class that nobody
 * uses lives until the next one: no young collection takes it. So when it is gone, whatever else was without use before it
 * was made must be gone, too. Where no class is ever unloaded, nothing is counted.
 */
final class ClassUnloading {

    private WeakReference<Class<?>> probe = new WeakReference<>(null);
    private boolean isProbing;
    private int rounds;

    /** How many there have been while this was asked. One that comes between two questions counts, two count as one. */
    int rounds() {
        if (probe.get() == null) {
            if (isProbing) {
                rounds++;
            }
            isProbing = true;
            probe = new WeakReference<>(unused());
        }
        return rounds;
    }

    int soFar() {
        return rounds;
    }

    private static Class<?> unused() {
        try (InputStream bytes = Objects.requireNonNull(
                ClassUnloading.class.getResourceAsStream(Probe.class.getSimpleName() + ".class"))) {
            return MethodHandles.lookup()
                    .defineHiddenClass(bytes.readAllBytes(), false)
                    .lookupClass();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
