package io.cardea.core.leak;

import io.cardea.core.fixture.BundleJar;
import io.cardea.core.fixture.TestProvider;
import io.cardea.core.leak.leaky.LeakyActivator;
import io.cardea.oauth.provider.OAuthProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleWiring;

/** Provider bundles that leave something behind, and a detector that is told of them as Declarative Services do. */
final class LeakyBundles implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(200);

    private final BundleContext context;
    private final LeakDetector detector;
    private final ServiceListener services = this::tell;

    LeakyBundles(BundleContext context) {
        System.clearProperty(LeakyActivator.ENDED);
        this.context = context;
        this.detector = new LeakDetector(context, PAUSE, new Collector(Duration.ofDays(1), () -> 0, () -> {}));
        context.addServiceListener(services);
    }

    @SuppressWarnings("unchecked")
    private void tell(ServiceEvent event) {
        if (event.getType() == ServiceEvent.UNREGISTERING && isProvider(event.getServiceReference())) {
            detector.departed((ServiceReference<OAuthProvider>) event.getServiceReference());
        }
    }

    private static boolean isProvider(ServiceReference<?> reference) {
        return Arrays.asList((String[]) reference.getProperty("objectClass")).contains(OAuthProvider.class.getName());
    }

    Bundle start(String name, String version, String leak) throws IOException, BundleException {
        Bundle bundle = context.installBundle("test:" + name + version, jar(name, version, leak));
        bundle.start();
        publish(bundle);
        return bundle;
    }

    void update(Bundle bundle, String name, String version, String leak) throws IOException, BundleException {
        bundle.update(jar(name, version, leak));
        publish(bundle);
    }

    private static void publish(Bundle bundle) {
        bundle.getBundleContext().registerService(OAuthProvider.class, new TestProvider("acme"), null);
    }

    /** What the bundle has others call. */
    Runnable service(Bundle bundle) {
        return Arrays.stream(bundle.getRegisteredServices())
                .filter(reference -> !isProvider(reference))
                .map(reference -> (Runnable) context.getService(reference))
                .findFirst()
                .orElseThrow();
    }

    WeakReference<ClassLoader> loader(Bundle bundle) {
        return new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader());
    }

    /** Two looks, and one that is on its way. */
    static void waitForLooks() {
        LockSupport.parkNanos(PAUSE.multipliedBy(4).toNanos());
    }

    static void collectFor(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            System.gc();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private static InputStream jar(String name, String version, String leak) throws IOException {
        BundleJar jar = new BundleJar(name, version)
                .header("Bundle-Activator", LeakyActivator.class.getName())
                .header("Import-Package", "org.osgi.framework")
                .header(LeakyActivator.LEAK, leak);
        for (String type : new String[] {"", "$1", "$Own"}) {
            String path = LeakyActivator.class.getName().replace('.', '/') + type + ".class";
            try (InputStream bytes = LeakyActivator.class.getClassLoader().getResourceAsStream(path)) {
                jar.entry(path, bytes.readAllBytes());
            }
        }
        return new ByteArrayInputStream(jar.bytes());
    }

    @Override
    public void close() {
        context.removeServiceListener(services);
        detector.close();
        System.setProperty(LeakyActivator.ENDED, "yes");
    }
}
