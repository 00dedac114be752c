package io.cardea.core.login;

/**
 * A set of random numbers other than zero, in one array that doubles as it fills: 11 to 22 bytes a number, where a
 * {@code HashSet} takes 60. For one thread at a time.
 */
final class MarkSet {

    private static final int FIRST_SLOTS = 16;

    // Open addressing with linear probing; zero is a free slot.
    private long[] slots = new long[FIRST_SLOTS];
    private int size;

    /** Adds a number, unless it is there already. */
    void add(long mark) {
        int slot = slot(slots, mark);
        if (slots[slot] == 0) {
            slots[slot] = mark;
            size++;
            if (4L * size > 3L * slots.length) {
                grow();
            }
        }
    }

    boolean contains(long mark) {
        return slots[slot(slots, mark)] != 0;
    }

    int size() {
        return size;
    }

    /** How many numbers there is memory for. */
    int capacity() {
        return slots.length;
    }

    private void grow() {
        long[] larger = new long[2 * slots.length];
        for (long mark : slots) {
            if (mark != 0) {
                larger[slot(larger, mark)] = mark;
            }
        }
        slots = larger;
    }

    /** Where the number is, or the free slot where it would be. */
    private static int slot(long[] slots, long mark) {
        int last = slots.length - 1;
        int slot = (int) mark & last;
        while (slots[slot] != 0 && slots[slot] != mark) {
            slot = (slot + 1) & last;
        }
        return slot;
    }
}
