package io.cardea.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.cardea.http.Failure.Refused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a container makes of it, slow clients above all, is in the integration tests. */
class RequestBodyTest {

    private static final int LARGEST = 64 * 1024;

    private final RequestBody body = new RequestBody(Duration.ofMillis(200));

    private int refusal(Exchange exchange) {
        return Failure.of(catchThrowable(() -> body.read(exchange.request()).join()))
                .status();
    }

    @Test
    void a_body_is_read_to_its_end() throws Exception {
        for (int size : new int[] {0, 1, 5_000, LARGEST}) {
            assertThat(body.read(new Exchange().body(new byte[size]).request()).get())
                    .hasSize(size);
            assertThat(body.read(new Exchange().body(new byte[size]).chunked().request())
                            .get())
                    .hasSize(size);
        }
    }

    @Test
    void a_body_that_says_that_it_is_too_large_is_not_read_at_all() {
        Exchange exchange = new Exchange().body(new byte[LARGEST + 1]);

        assertThatThrownBy(() -> body.read(exchange.request()))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.failure().status()).isEqualTo(413));
    }

    @Test
    void a_body_that_does_not_say_so_is_read_no_further_than_that() {
        assertThat(refusal(new Exchange().body(new byte[LARGEST + 1]).chunked()))
                .isEqualTo(413);
        assertThat(refusal(new Exchange().body(new byte[LARGEST + 1]).chunked().stalled()))
                .as("before its end, and long before the deadline")
                .isEqualTo(413);
    }

    @Test
    void a_body_that_does_not_end_in_time_is_waited_for_no_longer() throws Exception {
        CompletableFuture<byte[]> late =
                body.read(new Exchange().body("{\"conn").stalled().request());

        assertThat(late).isNotDone();
        long begin = System.nanoTime();
        Throwable thrown = catchThrowable(() -> late.get(10, TimeUnit.SECONDS));
        assertThat(Failure.of(thrown.getCause()).status()).isEqualTo(408);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void two_hundred_and_fifty_six_are_read_at_once_and_the_next_must_wait() throws Exception {
        RequestBody patient = new RequestBody(Duration.ofSeconds(3));
        List<CompletableFuture<byte[]>> slow = new ArrayList<>();
        for (int count = 0; count < 256; count++) {
            slow.add(patient.read(new Exchange().stalled().request()));
        }

        assertThatThrownBy(() -> patient.read(new Exchange().body("{}").request()))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.failure().status()).isEqualTo(503));
        for (CompletableFuture<byte[]> each : slow) {
            assertThat(catchThrowable(() -> each.get(10, TimeUnit.SECONDS))).hasCauseInstanceOf(Refused.class);
        }
        assertThat(patient.read(new Exchange().body("{}").request()).get()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, true",
        "Application/JSON; charset=utf-8, true",
        "application/json;charset=utf-8, true",
        "application/jsonp, false",
        "text/plain;application/json, false",
        "'', false"
    })
    void a_type_is_known_whatever_its_parameters(String type, boolean known) {
        assertThat(RequestBody.isOfType(
                        new Exchange().header("Content-Type", type).request(), "application/json"))
                .isEqualTo(known);
        assertThat(RequestBody.isOfType(new Exchange().request(), "application/json"))
                .isFalse();
    }
}
