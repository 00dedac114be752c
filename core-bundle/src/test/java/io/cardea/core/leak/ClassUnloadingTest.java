package io.cardea.core.leak;

import static io.cardea.core.fixture.Stages.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClassUnloadingTest {

    private static final int SOME = 3;

    private final ClassUnloading unloading = new ClassUnloading();

    @Test
    void each_full_collection_counts_once() {
        int before = unloading.rounds();

        eventually(() -> {
            System.gc();
            return unloading.rounds() >= before + 2;
        });
        int after = unloading.rounds();
        assertThat(unloading.rounds()).as("none came").isEqualTo(after);
    }

    @Test
    void a_young_collection_does_not_count() {
        int before = unloading.rounds();
        long old = collections(false);
        long young = collections(true);

        List<byte[]> garbage = new ArrayList<>();
        while (collections(true) < young + SOME) {
            garbage.clear();
            for (int kilobyte = 0; kilobyte < 10_000; kilobyte++) {
                garbage.add(new byte[1024]);
            }
        }

        assertThat(collections(false) > old || unloading.rounds() == before).isTrue();
    }

    private static long collections(boolean young) {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .filter(collector -> young == isYoung(collector.getName()))
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }

    private static boolean isYoung(String collector) {
        return collector.matches("G1 Young Generation|Copy|PS Scavenge");
    }
}
