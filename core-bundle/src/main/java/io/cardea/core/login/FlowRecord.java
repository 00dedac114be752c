package io.cardea.core.login;

import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.FlowStatus;
import io.cardea.oauth.FlowStatus.State;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.provider.DeviceAuthorization;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All there is to a login that a program watches over, in memory and on the disk.
 *
 * @param manual what a pasted login needs for its end; absent for one on another device, and once it has ended
 * @param device what a login on another device needs for its end; absent for a pasted one, and once it has ended
 * @param claimedAt when its one attempt to end was made; until then it is anybody's, and may expire
 * @param state as it was written: whether it has expired since is known by {@link #at}
 * @param failure why it failed; absent in every other state
 */
record FlowRecord(
        String id,
        ConnectionKey key,
        Instant expiresAt,
        Optional<Manual> manual,
        Optional<Device> device,
        Optional<Instant> claimedAt,
        State state,
        Optional<OAuthException> failure) {

    // Whoever asks now and then how a login stands must still find it when it has ended.
    private static final Duration KEPT = Duration.ofMinutes(10);

    /**
     * A login whose code a person pastes.
     *
     * @param ownRedirectUri Cardea's own callback, where the provider has no page of its own for codes
     */
    record Manual(PendingLogin login, String ownRedirectUri) {}

    /**
     * A device authorization under way.
     *
     * @param interval the seconds between two polls, which the server may have made more than it said first
     * @param plugin the bundle whose provider began it
     * @param binding the server and client that it was begun with, see
     *     {@link io.cardea.core.registry.ServingProvider#binding}
     * @param scopes what was asked for
     */
    record Device(DeviceAuthorization authorization, int interval, String plugin, String binding, List<String> scopes) {

        Device {
            scopes = List.copyOf(scopes);
        }
    }

    static FlowRecord begun(String id, ConnectionKey key, Instant expiresAt, Manual manual) {
        return pending(id, key, expiresAt, Optional.of(manual), Optional.empty());
    }

    static FlowRecord begun(String id, ConnectionKey key, Instant expiresAt, Device device) {
        return pending(id, key, expiresAt, Optional.empty(), Optional.of(device));
    }

    private static FlowRecord pending(
            String id, ConnectionKey key, Instant expiresAt, Optional<Manual> manual, Optional<Device> device) {
        return new FlowRecord(id, key, expiresAt, manual, device, Optional.empty(), State.PENDING, Optional.empty());
    }

    FlowRecord claimed(Instant now) {
        return new FlowRecord(id, key, expiresAt, manual, device, Optional.of(now), state, failure);
    }

    /** Polled less often from now on. */
    FlowRecord slower(int interval) {
        return new FlowRecord(
                id,
                key,
                expiresAt,
                manual,
                device.map(known ->
                        new Device(known.authorization(), interval, known.plugin(), known.binding(), known.scopes())),
                claimedAt,
                state,
                failure);
    }

    /** Ended, and without what was secret of it. */
    FlowRecord ended(State how, Optional<OAuthException> why) {
        return new FlowRecord(id, key, expiresAt, Optional.empty(), Optional.empty(), claimedAt, how, why);
    }

    /** As it is now: nobody writes down that its time has passed. */
    FlowRecord at(Instant now) {
        return state == State.PENDING && claimedAt.isEmpty() && !expiresAt.isAfter(now)
                ? ended(State.EXPIRED, Optional.empty())
                : this;
    }

    /** Nobody asks for it any more from then on. */
    Instant keptUntil() {
        return expiresAt.plus(KEPT);
    }

    FlowStatus status() {
        return new FlowStatus(key, state, failure);
    }

    /** Without its id, and what is secret. */
    @Override
    public String toString() {
        return "FlowRecord[key=" + key + ", state=" + state + "]";
    }
}
