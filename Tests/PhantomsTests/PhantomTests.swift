import Fields
import Phantoms
import Testing
