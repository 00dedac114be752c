package io.cardea.core.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cardea.core.event.EventLog;
import io.cardea.core.file.PrivateFile;
import io.cardea.core.seal.Sha256;
import io.cardea.core.thread.DaemonThreads;
import io.cardea.oauth.Audit;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.Event;
import io.cardea.oauth.Events;
import io.cardea.oauth.OAuthException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code data/audit.log}: one line of JSON for each login, refresh and revocation, each arrival and departure of a
 * provider, each deployment, and each API key that was refused, unless these are too many. One thread writes, so that nobody waits for the disk; where it cannot keep
 * up, or cannot write at all, lines are lost, the log says so once, and everything else goes on.
 */
@Component(
        service = {Audit.class, AuditLog.class},
        immediate = true)
public final class AuditLog implements Audit {

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
    private static final long LARGEST = 16L * 1024 * 1024;
    private static final int MAX_WAITING = 1024;
    private static final int IDLE_SECONDS = 5;
    private static final int STOP_SECONDS = 2;
    private static final int FINGERPRINT_BYTES = 4;

    private final AuditFile file;
    private final InstantSource clock;
    private final ThreadPoolExecutor writer;
    private final Events.Subscription events;
    private final AtomicBoolean losing = new AtomicBoolean();
    private final RefusedKeys refusedKeys =
            new RefusedKeys(this::write, CompletableFuture.delayedExecutor(1, TimeUnit.MINUTES, Runnable::run));

    /** @throws UncheckedIOException when there is a log that is not for this user alone */
    @Activate
    public AuditLog(BundleContext context, @Reference EventLog events) {
        this(PrivateFile.data(context), events, InstantSource.system());
    }

    /** An audit log in a data folder, by a clock of its own. */
    public AuditLog(Path data, EventLog events, InstantSource clock) {
        this(new AuditFile(data, "audit.log", LARGEST), events, clock);
    }

    AuditLog(AuditFile file, EventLog events, InstantSource clock) {
        try {
            file.requirePrivate();
        } catch (IOException e) {
            throw new UncheckedIOException("The audit log cannot be used: " + e.getMessage(), e);
        }
        this.file = file;
        this.clock = clock;
        this.writer = new ThreadPoolExecutor(
                1,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MAX_WAITING),
                task -> DaemonThreads.thread(task, "audit"));
        writer.allowCoreThreadTimeOut(true);
        // From the first one on: providers may have come before this component did.
        this.events = events.subscribe(0, this::happened);
    }

    /** Lines that wait are written, if the disk takes them soon. */
    @Deactivate
    public void stop() throws InterruptedException {
        events.close();
        refusedKeys.close();
        writer.shutdown();
        if (!writer.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
            LOG.warn("The last lines of the audit log could not be written in time");
        }
    }

    private void happened(Event event) {
        write(new AuditEntry(event.time(), name(event.type()))
                .with("provider", Optional.of(event.provider()).filter(name -> !name.isEmpty()))
                .with("connection", event.connection())
                .with("detail", event.detail()));
    }

    private static String name(Event.Type type) {
        return switch (type) {
            case PROVIDER_ARRIVED, PROVIDER_DEPARTED, DEPLOYMENT_COMPLETED, DEPLOYMENT_FAILED -> type.wireName();
            case CONNECTION_CREATED -> "login.completed";
            case CONNECTION_REFRESHED -> "refresh.completed";
            case CONNECTION_FAILED -> "refresh.failed";
            case CONNECTION_REMOVED -> "revocation.completed";
        };
    }

    /** A login that had been begun ended without a credential. */
    public void loginFailed(ConnectionKey key, Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        AuditEntry entry = new AuditEntry(clock.instant(), "login.failed")
                .with("provider", key.provider())
                .with("connection", key.connection());
        // Of a fault of our own nobody knows what its message says.
        write(
                cause instanceof OAuthException told
                        ? entry.with("error", told.error().code()).with("detail", String.valueOf(told.getMessage()))
                        : entry.with("error", "server_error"));
    }

    @Override
    public void keyRefused(String key, String provider, String action, String remoteAddress) {
        String fingerprint = HexFormat.of().formatHex(Sha256.of(key.getBytes(UTF_8)), 0, FINGERPRINT_BYTES);
        refusedKeys.add(new AuditEntry(clock.instant(), "key.refused")
                .with("provider", Optional.of(provider).filter(ConnectionKey::isProviderName))
                .with("action", action)
                .with("key_fingerprint", fingerprint)
                .with("remote_address", remoteAddress));
    }

    private void write(AuditEntry entry) {
        try {
            writer.execute(() -> append(entry));
        } catch (RejectedExecutionException e) {
            lost(Optional.empty());
        }
    }

    private void append(AuditEntry entry) {
        try {
            file.append(entry.line());
            losing.set(false);
        } catch (IOException | RuntimeException e) {
            lost(Optional.of(e));
        }
    }

    private void lost(Optional<Exception> why) {
        if (losing.compareAndSet(false, true)) {
            LOG.warn(
                    "The audit log loses lines: {}",
                    why.map(Exception::toString).orElse("more happens than the disk takes"));
        }
    }
}
