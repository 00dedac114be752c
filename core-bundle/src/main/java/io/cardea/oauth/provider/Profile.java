package io.cardea.oauth.provider;

import java.util.Objects;
import java.util.Optional;

/**
 * Whose credential it is, as far as the provider tells. People see it; nothing is decided by it but the subject.
 *
 * @param subject the account's stable identifier at the provider ({@code sub} in OpenID Connect); absent when unknown
 * @param account how a person knows the account: user name, display name or e-mail; absent when unknown
 * @param email the account's e-mail address; absent when unknown
 * @param plan what the account has subscribed to, as the provider calls it; absent when unknown
 */
public record Profile(
        Optional<String> subject, Optional<String> account, Optional<String> email, Optional<String> plan) {

    /** Of a provider that does not tell. */
    public static final Profile UNKNOWN = new Profile(Optional.empty(), Optional.empty());

    /** @throws NullPointerException naming what is null */
    public Profile {
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(account, "account");
        Objects.requireNonNull(email, "email");
        Objects.requireNonNull(plan, "plan");
    }

    /** One of which no more is known. */
    public Profile(Optional<String> subject, Optional<String> account) {
        this(subject, account, Optional.empty(), Optional.empty());
    }

    /** This profile with another e-mail address. */
    public Profile withEmail(Optional<String> address) {
        return new Profile(subject, account, address, plan);
    }

    /** This profile with another plan. */
    public Profile withPlan(Optional<String> subscribed) {
        return new Profile(subject, account, email, subscribed);
    }

    /** This profile, and what it lacks from another. */
    public Profile or(Profile other) {
        return new Profile(
                subject.or(other::subject), account.or(other::account), email.or(other::email), plan.or(other::plan));
    }
}
