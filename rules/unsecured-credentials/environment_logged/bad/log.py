import logging
import os

log = logging.getLogger(__name__)
log.info("environment: %s", dict(os.environ))
