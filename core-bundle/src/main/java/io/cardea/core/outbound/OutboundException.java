package io.cardea.core.outbound;

import io.cardea.oauth.provider.ProviderException;

/**
 * What Cardea itself found wrong with a server, as a sentence that anybody may read. Only Cardea makes one, no provider's
 * bundle can: so its message, other than that of any {@link ProviderException}, is known to quote no answer, code, token or
 * state, and tells of servers by their hosts alone.
 */
public final class OutboundException extends ProviderException {

    private static final long serialVersionUID = 1L;

    private final String reason;

    /** @param error {@link #PROVIDER_ERROR} or {@link #PROVIDER_TIMEOUT} */
    public OutboundException(String error, String reason) {
        super(error, reason);
        this.reason = reason;
    }

    OutboundException(String error, String reason, Throwable cause) {
        super(error, reason, cause);
        this.reason = reason;
    }

    /** The same, in the words of whoever asked: what was being done comes first. */
    public OutboundException during(String what) {
        OutboundException told = new OutboundException(error(), what + ": " + reason);
        told.initCause(getCause());
        return told;
    }

    /** What is wrong, for people. */
    public String reason() {
        return reason;
    }
}
