package io.cardea.core.outbound;

import io.cardea.oauth.provider.ProviderException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;

/** An answer's body as bytes, given up as soon as it is larger than the limit. */
final class LimitedBody implements BodySubscriber<byte[]> {

    private final int limit;
    private final BodySubscriber<byte[]> bytes = BodySubscribers.ofByteArray();
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private Optional<Subscription> subscription = Optional.empty();
    private long received;

    LimitedBody(int limit) {
        this.limit = limit;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Subscription begun) {
        subscription = Optional.of(begun);
        bytes.getBody().whenComplete((all, thrown) -> {
            if (thrown == null) {
                body.complete(all);
            } else {
                body.completeExceptionally(thrown);
            }
        });
        bytes.onSubscribe(begun);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            received += buffer.remaining();
        }
        if (received <= limit) {
            bytes.onNext(buffers);
            return;
        }
        subscription.ifPresent(Subscription::cancel);
        body.completeExceptionally(new OutboundException(
                ProviderException.PROVIDER_ERROR, "The answer is larger than " + limit + " bytes"));
    }

    @Override
    public void onError(Throwable thrown) {
        bytes.onError(thrown);
    }

    @Override
    public void onComplete() {
        bytes.onComplete();
    }
}
