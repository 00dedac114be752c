package io.cardea.core.registry;

/** Text from outside that goes into logs, pages and terminals, where a character may be more than a letter. */
public final class PlainText {

    private PlainText() {}

    /** Whether there is nothing in it that could forge a line, turn the direction of writing or be no character at all. */
    static boolean isPlain(String text) {
        return text.codePoints().allMatch(PlainText::isPlain);
    }

    /** The text with a replacement character for whatever is not plain, cut to so many characters. */
    public static String of(String text, int longest) {
        int[] plain = text.codePoints()
                .limit(longest)
                .map(c -> isPlain(c) ? c : 0xfffd)
                .toArray();
        return new String(plain, 0, plain.length);
    }

    private static boolean isPlain(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                false;
            // Some scripts and many symbols cannot be written without the joiners.
            case Character.FORMAT -> c == 0x200c || c == 0x200d;
            default -> true;
        };
    }
}
