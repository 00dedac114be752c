package io.cardea.core.connection;

import io.cardea.core.event.EventLog;
import io.cardea.core.file.PrivateFolder.Step;
import io.cardea.core.fixture.Osgi;
import io.cardea.core.fixture.Stages;
import io.cardea.core.fixture.TestProvider;
import io.cardea.core.registry.ProviderServices;
import io.cardea.core.vault.TestVault;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderContext;
import io.cardea.oauth.provider.ProviderDefinition;
import io.cardea.oauth.provider.StandardProvider;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The vault and what renews its credentials, in a process that is killed. It tells on its output what it has
 * acknowledged.
 */
final class CrashingRuntime {

    static final int CONNECTIONS = 4;

    private final PrintStream out = System.out;
    private final ProviderServices services;
    private final ConnectionService connections;
    // Where to die, and how often that place is passed before.
    private final Optional<Step> deadlyStep;
    private volatile boolean answered;

    private CrashingRuntime(Path data, Osgi osgi, Optional<Step> deadlyStep) {
        this.deadlyStep = deadlyStep;
        this.services = new ProviderServices(osgi.context());
        this.connections = new ConnectionService(
                services.registry(),
                TestVault.open(data, (step, file) -> {
                            if (answered && this.deadlyStep.equals(Optional.of(step))) {
                                die();
                            }
                        })
                        .vault(),
                new EventLog(),
                InstantSource.system());
    }

    /** As SIGKILL would. */
    private static void die() {
        Runtime.getRuntime().halt(137);
    }

    /** Arguments: data folder, then either {@code endlessly}, or {@code once}, a token endpoint and where to die. */
    public static void main(String[] arguments) throws Exception {
        // What is logged is of no interest here.
        System.setErr(new PrintStream(PrintStream.nullOutputStream()));
        Osgi osgi = new Osgi();
        osgi.beforeAll(null);
        Path data = Path.of(arguments[0]);
        if (arguments[1].equals("endlessly")) {
            new CrashingRuntime(data, osgi, Optional.empty()).writeAndRefresh();
        } else {
            Optional<Step> step = arguments[3].startsWith("at ")
                    ? Optional.of(Step.valueOf(arguments[3].substring(3)))
                    : Optional.empty();
            new CrashingRuntime(data, osgi, step).refreshOnce(arguments[2], arguments[3]);
        }
        Runtime.getRuntime().halt(0);
    }

    /** Each connection is connected, refreshed, connected... and each new credential has a number that grows. */
    private void writeAndRefresh() throws InterruptedException {
        AtomicInteger[] numbers = new AtomicInteger[CONNECTIONS];
        services.publish(new TestProvider("acme").refresh(credential -> {
            String[] last = credential.accessToken().split(" ");
            return CompletableFuture.completedFuture(
                    numbered(Integer.parseInt(last[0]), Integer.parseInt(last[1]) + 1));
        }));
        Thread[] threads = new Thread[CONNECTIONS];
        for (int i = 0; i < CONNECTIONS; i++) {
            int connection = i;
            numbers[i] = new AtomicInteger(stored(i));
            threads[i] = new Thread(() -> {
                while (true) {
                    int next = stored(connection) + 1;
                    if (next % 3 == 1) {
                        Stages.await(connections.connect(
                                services.serving("acme"),
                                key(connection),
                                numbered(connection, next),
                                Optional.empty()));
                    } else {
                        Stages.await(connections.refresh("acme", key(connection).connection()));
                    }
                    // One write, so that no line is torn by the kill but the last.
                    out.println(connection + " " + next);
                }
            });
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private int stored(int connection) {
        return connections.find("acme", key(connection).connection()).isEmpty()
                ? 0
                : Integer.parseInt(Stages.await(
                                connections.accessToken("acme", key(connection).connection()))
                        .value()
                        .split(" ")[1]);
    }

    static ConnectionKey key(int connection) {
        return new ConnectionKey("acme", "number-" + connection);
    }

    private static Credential numbered(int connection, int number) {
        return Credential.bearer(connection + " " + number).withRefreshToken("refresh " + number);
    }

    /** Refreshes, and dies at a point of that; tells the outcome if it lives. */
    private void refreshOnce(String tokenEndpoint, String point) {
        services.publish(provider(tokenEndpoint, point));
        try {
            out.println("token "
                    + Stages.await(connections.refresh("acme", "default")).value());
        } catch (AssertionError | RuntimeException failed) {
            Throwable cause = failed;
            while (!(cause instanceof OAuthException) && cause.getCause() != null) {
                cause = cause.getCause();
            }
            out.println(cause instanceof OAuthException told ? told.error().code() : String.valueOf(cause));
        }
    }

    private OAuthProvider provider(String tokenEndpoint, String point) {
        ProviderDefinition definition = ProviderDefinition.named("acme")
                .authorizationEndpoint(tokenEndpoint)
                .tokenEndpoint(tokenEndpoint)
                .configure(Map.of("client_id", "cardea"))
                .build();
        return new StandardProvider(definition) {
            @Override
            public CompletionStage<Credential> refresh(Credential credential, ProviderContext context) {
                if (point.equals("before the request")) {
                    die();
                }
                return super.refresh(credential, context).thenApply(answer -> {
                    if (point.equals("after the answer")) {
                        die();
                    }
                    answered = true;
                    return answer;
                });
            }
        };
    }
}
