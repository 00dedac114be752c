package io.cardea.itests.leaky.thread;

import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderDefinition;
import io.cardea.oauth.provider.StandardProvider;
import java.util.concurrent.locks.LockSupport;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Starts a thread that it never ends. */
@Component(service = OAuthProvider.class)
public final class ThreadLeakingProvider extends StandardProvider {

    @Activate
    public ThreadLeakingProvider() {
        super(ProviderDefinition.named("leaky-thread")
                .authorizationEndpoint("https://leaky.example/authorize")
                .tokenEndpoint("https://leaky.example/token")
                .set("client_id", "cardea")
                .build());
        Thread poller = new Thread(ThreadLeakingProvider::poll, "leaky-poller");
        poller.setDaemon(true);
        poller.start();
    }

    private static void poll() {
        while (!Thread.interrupted()) {
            LockSupport.parkNanos(1_000_000_000);
        }
    }
}
