package io.cardea.oauth.provider;

/** An answer that is no OAuth answer. Made in this package alone, so that its message is known to quote nothing of it. */
final class UnusableAnswer extends ProviderException {

    private static final long serialVersionUID = 1L;

    UnusableAnswer(String why) {
        this(PROVIDER_ERROR, why, 0);
    }

    UnusableAnswer(String error, String why, long retryAfter) {
        super(error, why, retryAfter);
    }
}
