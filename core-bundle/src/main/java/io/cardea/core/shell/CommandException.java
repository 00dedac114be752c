package io.cardea.core.shell;

import io.cardea.oauth.OAuthException;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * A command that came to nothing. Thrown, so that a script stops and knows; shown as the one line that is its message, for
 * the shell prints what {@link #toString} says.
 */
public final class CommandException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CommandException(String message) {
        super(message);
    }

    private CommandException(OAuthException cause) {
        super(cause.getMessage(), cause);
    }

    /** What a verb answers; its failure is one of a command. */
    static String answer(Supplier<String> verb) {
        try {
            return verb.get();
        } catch (OAuthException e) {
            throw new CommandException(e);
        } catch (CompletionException e) {
            if (e.getCause() instanceof OAuthException cause) {
                throw new CommandException(cause);
            }
            throw e;
        }
    }

    /** Without the name of the class, of which who typed the command need not know. */
    @Override
    @SuppressWarnings("OverrideThrowableToString")
    public String toString() {
        return String.valueOf(getMessage());
    }
}
