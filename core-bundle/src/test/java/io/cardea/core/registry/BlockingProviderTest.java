package io.cardea.core.registry;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.failure;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.LocalServer;
import io.cardea.core.fixture.LocalServer.Answer;
import io.cardea.core.fixture.Osgi;
import io.cardea.core.fixture.TestProvider;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.provider.AuthorizationRequest;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.ServerMetadata;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A provider whose code blocks harms nobody but those who call it. */
class BlockingProviderTest {

    private static final int CALLERS = 40;

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private final CountDownLatch released = new CountDownLatch(1);
    private final ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    private final ProviderServices services = new ProviderServices(osgi.context());

    @AfterEach
    void close() {
        released.countDown();
        callers.shutdownNow();
        services.close();
    }

    @Test
    void a_method_that_blocks_is_given_up_in_time() {
        services.publish(new TestProvider("blocking").exchange(code -> blocked()));

        services.impatiently(() -> failure(exchange("blocking"), OAuthError.PROVIDER_TIMEOUT));
    }

    @Test
    void however_many_wait_for_it_another_provider_answers() {
        services.publish(new TestProvider("blocking").exchange(code -> blocked()));
        services.publish(new TestProvider("good").exchange(code -> completedFuture(Credential.bearer("token"))));
        for (int i = 0; i < CALLERS; i++) {
            exchange("blocking");
        }

        assertThat(await(exchange("good")).accessToken()).isEqualTo("token");
    }

    @Test
    void code_after_a_time_out_does_not_run_on_the_thread_that_all_time_outs_share() {
        services.publish(new TestProvider("blocking").exchange(code -> new CompletableFuture<>()));

        services.impatient(true);
        CompletableFuture<String> thread = exchange("blocking")
                .handle((value, thrown) -> Thread.currentThread().getName());

        assertThat(await(thread)).startsWith("cardea-");
    }

    @Test
    void methods_that_block_on_the_callers_threads_keep_only_so_many_of_them() throws Exception {
        CountDownLatch free = new CountDownLatch(CALLERS - 16);
        for (int number = 0; number < 8; number++) {
            services.publish(new TestProvider("blocking-" + number));
        }
        for (int caller = 0; caller < CALLERS; caller++) {
            ServingProvider blocking = services.serving("blocking-" + caller % 8);
            callers.execute(() -> {
                blocking.callDirectly("metadata", (provider, context) -> {
                    awaitRelease();
                    return provider.metadata(context);
                });
                free.countDown();
            });
        }

        assertThat(free.await(20, TimeUnit.SECONDS)).isTrue();
        services.publish(new TestProvider("good"));
        assertThat(await(services.serving("good").metadata()).issuer()).hasValue("https://as.example");
    }

    @Test
    void a_method_that_blocks_after_an_answer_that_came_late_holds_up_nobody_else() {
        TestProvider late = new TestProvider("late").authorizationUrl(request -> {
            awaitRelease();
            return completedFuture("https://as.example/");
        });
        ServerMetadata metadata = TestProvider.metadata("https://as.example");
        late.metadata(() -> CompletableFuture.supplyAsync(
                () -> {
                    services.impatient(true);
                    return metadata;
                },
                CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS)));
        services.publish(late);
        services.publish(new TestProvider("good").exchange(code -> completedFuture(Credential.bearer("token"))));
        AuthorizationRequest request =
                new AuthorizationRequest("s", "http://localhost/", List.of(), Optional.empty(), "n");
        List<CompletableFuture<String>> logins = new ArrayList<>();
        for (int login = 0; login < 20; login++) {
            ServingProvider provider = services.serving("late");
            logins.add(provider.metadata()
                    .thenCompose(server -> provider.callDirectly(
                            "authorizationUrl", (service, context) -> service.authorizationUrl(request, context))));
        }

        for (CompletableFuture<String> login : logins) {
            failure(login, OAuthError.PROVIDER_TIMEOUT);
        }
        assertThat(late.authorizationRequests).isNotEmpty();
        services.impatient(false);
        assertThat(await(exchange("good")).accessToken()).isEqualTo("token");
    }

    /** A stage of the provider's own class, of which every method that others would call blocks. */
    private final class BlockingStage<T> extends CompletableFuture<T> {

        @Override
        public boolean isDone() {
            awaitRelease();
            return super.isDone();
        }

        @Override
        public CompletableFuture<T> toCompletableFuture() {
            awaitRelease();
            return this;
        }

        @Override
        public CompletableFuture<T> copy() {
            awaitRelease();
            return super.copy();
        }
    }

    @Test
    void a_stage_of_the_providers_own_class_blocks_nobody() {
        services.publish(new TestProvider("own").metadata(BlockingStage::new).exchange(code -> new BlockingStage<>()));
        services.publish(new TestProvider("good").exchange(code -> completedFuture(Credential.bearer("token"))));
        services.impatiently(() -> {
            for (int call = 0; call < CALLERS; call++) {
                services.serving("own").metadata();
                exchange("own");
            }
        });

        assertThat(await(exchange("good")).accessToken()).isEqualTo("token");
        services.impatiently(() -> failure(services.serving("own").metadata(), OAuthError.PROVIDER_TIMEOUT));
    }

    @Test
    void a_request_whose_body_never_comes_holds_up_no_other_provider() throws IOException {
        try (LocalServer server = new LocalServer().answer("/", Answer.json(200, "{}"))) {
            HttpRequest stalled = HttpRequest.newBuilder(URI.create(server.url("/")))
                    .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new InputStream() {
                        @Override
                        public int read() {
                            awaitRelease();
                            return -1;
                        }
                    }))
                    .build();
            services.publish(new TestProvider("stalled"));
            services.publish(new TestProvider("good"));
            for (int call = 0; call < CALLERS; call++) {
                send("stalled", stalled);
            }

            HttpRequest ordinary =
                    HttpRequest.newBuilder(URI.create(server.url("/"))).build();
            assertThat(await(send("good", ordinary)).statusCode()).isEqualTo(200);
            services.impatiently(() -> failure(send("stalled", stalled), OAuthError.PROVIDER_TIMEOUT));
            assertThat(server.requests()).hasSize(1);
        }
    }

    private CompletableFuture<HttpResponse<byte[]>> send(String provider, HttpRequest request) {
        return services.serving(provider).call("send", (service, context) -> context.send(request));
    }

    private CompletableFuture<Credential> exchange(String name) {
        return services.serving(name)
                .call("exchange", (provider, context) -> provider.exchange(ServingProviderTest.CODE, context));
    }

    private CompletableFuture<Credential> blocked() {
        awaitRelease();
        return completedFuture(Credential.bearer("late"));
    }

    private void awaitRelease() {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
