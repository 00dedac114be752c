package io.cardea.core.registry;

import io.cardea.oauth.provider.ProviderException;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;

/**
 * A provider's request as the JDK would have made it, with its body read to the end. What a provider hands over may be an
 * object of its own class, whose methods block, or whose body never comes; none of that may happen on threads that all
 * providers share, and no address may change after it was looked at.
 */
final class CopiedRequest {

    private static final int MAX_BODY = 1024 * 1024;

    private CopiedRequest() {}

    /** The copy, as soon as the body is there; the provider's own methods are called on this thread alone. */
    static CompletableFuture<HttpRequest> of(HttpRequest request) {
        HttpRequest.Builder copy = HttpRequest.newBuilder(request.uri());
        request.headers().map().forEach((name, values) -> values.forEach(value -> copy.header(name, value)));
        String method = request.method();
        CompletableFuture<byte[]> body = request.bodyPublisher()
                .map(CopiedRequest::read)
                .orElseGet(() -> CompletableFuture.completedFuture(new byte[0]));
        // The JDK would send a length of 0 with a GET that has an empty body.
        return body.thenApply(bytes -> method.equals("GET")
                ? copy.GET().build()
                : copy.method(method, bytes.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(bytes))
                        .build());
    }

    private static CompletableFuture<byte[]> read(BodyPublisher publisher) {
        Collector collector = new Collector();
        publisher.subscribe(collector);
        return collector.body;
    }

    private static final class Collector implements Subscriber<ByteBuffer> {

        private final CompletableFuture<byte[]> body = new CompletableFuture<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ByteBuffer buffer) {
            byte[] next = new byte[buffer.remaining()];
            buffer.get(next);
            if (bytes.size() + next.length > MAX_BODY) {
                onError(new ProviderException(
                        ProviderException.PROVIDER_ERROR, "the request is larger than " + MAX_BODY + " bytes"));
            } else {
                bytes.writeBytes(next);
            }
        }

        @Override
        public void onError(Throwable thrown) {
            body.completeExceptionally(thrown);
        }

        @Override
        public void onComplete() {
            body.complete(bytes.toByteArray());
        }
    }
}
