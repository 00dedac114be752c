package io.cardea.core.registry;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.failure;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.core.fixture.TestProvider;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.provider.Credential;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
    private final ProviderServices services = new ProviderServices(osgi.context(), Duration.ofSeconds(1));

    @AfterEach
    void close() {
        released.countDown();
        callers.shutdownNow();
        services.close();
    }

    @Test
    void a_method_that_blocks_is_given_up_in_time() {
        services.publish(new TestProvider("blocking").exchange(code -> blocked()));

        failure(exchange("blocking"), OAuthError.PROVIDER_TIMEOUT);
    }

    @Test
    void however_many_wait_for_it_another_provider_answers() {
        services.publish(new TestProvider("blocking").exchange(code -> blocked()));
        services.publish(new TestProvider("good").exchange(code -> completedFuture(Credential.bearer("token"))));
        List<CompletableFuture<Credential>> waiting = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            waiting.add(exchange("blocking"));
        }

        assertThat(await(exchange("good")).accessToken()).isEqualTo("token");
        assertThat(waiting).noneMatch(call -> call.isDone() && !call.isCompletedExceptionally());
    }

    @Test
    void code_after_a_time_out_does_not_run_on_the_thread_that_all_time_outs_share() {
        services.publish(new TestProvider("blocking").exchange(code -> new CompletableFuture<>()));

        CompletableFuture<String> thread = exchange("blocking")
                .handle((value, thrown) -> Thread.currentThread().getName());

        assertThat(await(thread)).startsWith("cardea-");
    }

    @Test
    void a_method_that_blocks_on_the_callers_thread_keeps_only_so_many_of_them() throws Exception {
        services.publish(new TestProvider("blocking"));
        ServingProvider blocking = services.registry().serving("blocking");
        CountDownLatch refused = new CountDownLatch(CALLERS - 16);
        for (int i = 0; i < CALLERS; i++) {
            callers.execute(() -> blocking.ask("metadata", (provider, context) -> {
                        awaitRelease();
                        return provider.metadata(context);
                    })
                    .whenComplete((value, thrown) -> {
                        if (thrown != null) {
                            refused.countDown();
                        }
                    }));
        }

        assertThat(refused.await(20, TimeUnit.SECONDS)).isTrue();
        failure(
                blocking.ask("metadata", (provider, context) -> provider.metadata(context)),
                OAuthError.PROVIDER_UNAVAILABLE);
    }

    private CompletableFuture<Credential> exchange(String name) {
        return services.registry()
                .serving(name)
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
