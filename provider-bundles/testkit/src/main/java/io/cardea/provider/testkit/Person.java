package io.cardea.provider.testkit;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The person in front of the server's pages, who does what the test says. Approves every login until told otherwise. */
public final class Person {

    private final Set<String> approved = ConcurrentHashMap.newKeySet();
    private final Set<String> denied = ConcurrentHashMap.newKeySet();
    private final Set<String> late = ConcurrentHashMap.newKeySet();
    private final Grants grants;
    private volatile boolean denies;

    Person(Grants grants) {
        this.grants = grants;
    }

    /** From now on, logins in a browser are approved. */
    public void approves() {
        denies = false;
    }

    /** From now on, logins in a browser are denied. */
    public void denies() {
        denies = true;
    }

    /** Enters a user code, and approves. */
    public void approvesDevice(String userCode) {
        approved.add(userCode);
    }

    /** Enters a user code, and denies. */
    public void deniesDevice(String userCode) {
        denied.add(userCode);
    }

    /** Never enters the user code, so that it expires. */
    public void forgetsDevice(String userCode) {
        late.add(userCode);
    }

    /** Withdraws all that was ever allowed: every token is dead. */
    public void withdrawsConsent() {
        grants.endAll();
    }

    void requireApproval() {
        if (denies) {
            throw new Refusal("access_denied", "The person denied.");
        }
    }

    void requireDeviceApproval(String userCode) {
        if (denied.contains(userCode)) {
            throw new Refusal("access_denied", "The person denied.");
        }
        if (late.contains(userCode)) {
            throw new Refusal("expired_token", "The person never entered the code, and it has expired.");
        }
        if (!approved.contains(userCode)) {
            throw new Refusal("authorization_pending", "The person has not entered the code yet.");
        }
    }
}
