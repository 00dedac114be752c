package io.cardea.provider.testkit;

import io.cardea.oauth.provider.JsonObject;
import io.cardea.oauth.provider.Profile;
import io.cardea.oauth.provider.ProviderContext;
import io.cardea.oauth.provider.ProviderException;
import io.cardea.oauth.provider.ServerMetadata;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Providers that do not take it well when things go wrong. */
final class FaultBreaches {

    private static final String HUNG_UP =
            "exchange() fails properly when the server closes the connection without an answer";

    private FaultBreaches() {}

    static List<Breach> all() {
        List<Breach> all = new ArrayList<>(List.of(
                Breach.of(HUNG_UP, "answered with null instead of a stage", Nulls::new),
                Breach.of(HUNG_UP, "threw java.lang.IllegalStateException: oh instead of", Throwing::new),
                Breach.of(HUNG_UP, "answered with a stage that completes with null", NullValues::new),
                Breach.of(HUNG_UP, "failed with java.lang.IllegalStateException: oh, which is no", Foreign::new),
                Breach.of(HUNG_UP, "answered with a stage that was not complete after", Hanging::new),
                Breach.of("what it answers shows no secret", "toString() of Talkative shows a secret", Talkative::new),
                Breach.of(
                        "it asks nobody but the configured service",
                        "sent a request to [https://stranger.example]",
                        IdentityBreaches::straying)));
        for (Check check : ProviderContract.all()) {
            String name = check.name();
            if (name.equals("profile() fails properly when the server answers 200 with an error inside")) {
                all.add(Breach.of(name, "profile() succeeded. ", Credulous::new));
            } else if (name.contains("() fails properly when")) {
                all.add(Breach.of(name, "() succeeded. ", Swallowing::new));
            } else if (name.endsWith("does not block")) {
                all.add(Breach.of(name, "did not return", Blocking::new));
            } else if (name.endsWith("tells no secret when it fails")) {
                all.add(Breach.of(name, "repeats a secret", Quoting::new));
            }
        }
        return all;
    }

    /** Takes any failure for an answer. */
    private static final class Swallowing extends TwistedProvider {

        Swallowing(Map<String, ?> configuration) {
            super(configuration);
        }

        @Override
        <T> CompletionStage<T> twist(Supplier<CompletionStage<T>> call, T anyway, String secret) {
            return call.get().exceptionally(thrown -> anyway);
        }
    }

    /** Quotes what it was working on. */
    private static final class Quoting extends TwistedProvider {

        Quoting(Map<String, ?> configuration) {
            super(configuration);
        }

        @Override
        <T> CompletionStage<T> twist(Supplier<CompletionStage<T>> call, T anyway, String secret) {
            return call.get().exceptionally(thrown -> {
                throw new ProviderException(ProviderException.PROVIDER_ERROR, "it did not like " + secret);
            });
        }
    }

    /** Answers with no stage. */
    private static final class Nulls extends TwistedProvider {

        Nulls(Map<String, ?> configuration) {
            super(configuration);
        }

        @Override
        <T> @Nullable CompletionStage<T> twist(Supplier<CompletionStage<T>> call, T anyway, String secret) {
            return null;
        }
    }

    /** Throws, and answers with no stage. */
    private static final class Throwing extends TwistedProvider {

        Throwing(Map<String, ?> configuration) {
            super(configuration);
        }

        @Override
        <T> CompletionStage<T> twist(Supplier<CompletionStage<T>> call, T anyway, String secret) {
            throw new IllegalStateException("oh");
        }
    }

    /** Completes with null. */
    private static final class NullValues extends TwistedProvider {

        NullValues(Map<String, ?> configuration) {
            super(configuration);
        }

        @Override
        <T> CompletionStage<T> twist(Supplier<CompletionStage<T>> call, T anyway, String secret) {
            return call.get().exceptionally(thrown -> null);
        }
    }

    /** Fails with what the contract does not know. */
    private static final class Foreign extends TwistedProvider {

        Foreign(Map<String, ?> configuration) {
            super(configuration);
        }

        @Override
        <T> CompletionStage<T> twist(Supplier<CompletionStage<T>> call, T anyway, String secret) {
            return call.get().exceptionally(thrown -> {
                throw new IllegalStateException("oh");
            });
        }
    }

    /** Never completes. */
    private static final class Hanging extends TwistedProvider {

        Hanging(Map<String, ?> configuration) {
            super(configuration);
        }

        @Override
        <T> CompletionStage<T> twist(Supplier<CompletionStage<T>> call, T anyway, String secret) {
            return call.get().exceptionallyCompose(thrown -> new CompletableFuture<>());
        }
    }

    /** Takes whatever is answered for a person. */
    private static final class Credulous extends AcmeProvider {

        Credulous(Map<String, ?> configuration) {
            super(configuration);
        }

        @Override
        protected Profile profile(JsonObject answer) {
            return new Profile(answer.text("sub").or(() -> answer.text("error")), Optional.empty());
        }
    }

    /** Waits for the server's answer before it answers itself. */
    private static final class Blocking extends AcmeProvider {

        Blocking(Map<String, ?> configuration) {
            super(configuration);
        }

        @Override
        public CompletionStage<ServerMetadata> metadata(ProviderContext context) {
            URI keys = definition().metadata().jwksUri().orElseThrow();
            context.send(HttpRequest.newBuilder(keys).build())
                    .toCompletableFuture()
                    .join();
            return super.metadata(context);
        }
    }

    /** Shows all that it was configured with. */
    private static final class Talkative extends AcmeProvider {

        private final Map<String, ?> configuration;

        Talkative(Map<String, ?> configuration) {
            super(configuration);
            this.configuration = configuration;
        }

        @Override
        public String toString() {
            return "Talkative" + configuration;
        }
    }
}
