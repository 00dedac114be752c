import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderDefinition;
import io.cardea.oauth.provider.StandardProvider;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** The verb oauth:deploy over HTTP, for the shell wants a terminal; and the provider that is deployed with it. */
public class DeployDoor implements BundleActivator {
    @Override
    public void start(BundleContext context) {
        String client = context.getBundle().getHeaders().get("Bench-Client");
        if (client != null) {
            context.registerService(OAuthProvider.class, new Provider(client), null);
            return;
        }
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("osgi.http.whiteboard.servlet.pattern", "/bench/deploy");
        context.registerService(Servlet.class, new Door(context), properties);
    }

    @Override
    public void stop(BundleContext context) {}

    private static final class Provider extends StandardProvider {
        Provider(String client) {
            super(ProviderDefinition.named("bench")
                    .authorizationEndpoint("https://bench.example/authorize")
                    .tokenEndpoint("https://bench.example/token")
                    .set("client_id", client)
                    .configure(Map.of())
                    .build());
        }
    }

    private static final class Door extends HttpServlet {
        private static final long serialVersionUID = 1L;
        private final transient BundleContext context;

        Door(BundleContext context) {
            this.context = context;
        }

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            try {
                ServiceReference<?> verb = context.getAllServiceReferences(null, "(osgi.command.function=deploy)")[0];
                Object command = context.getService(verb);
                String[] file = {request.getParameter("file")};
                response.getWriter().print(command.getClass().getMethod("deploy", String[].class).invoke(command, (Object) file));
            } catch (ReflectiveOperationException | org.osgi.framework.InvalidSyntaxException e) {
                throw new IOException(e);
            }
        }
    }
}
