package io.cardea.provider.playground.web;

import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;
import org.osgi.service.servlet.context.ServletContextHelper;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardContext;

/** Where RFC 8414, section 3.1, looks for the metadata of an issuer that has a path. */
@Component(service = ServletContextHelper.class, scope = ServiceScope.BUNDLE)
@HttpWhiteboardContext(name = WellKnownContext.NAME, path = "/.well-known/oauth-authorization-server")
public final class WellKnownContext extends ServletContextHelper {

    static final String NAME = "playground-well-known";
    static final String SELECT = "(osgi.http.whiteboard.context.name=" + NAME + ")";
}
