import RealModule

func logarithm(_ x: Double) -> Double { .log(x) }
func power(_ x: Double, _ y: Double) -> Double { .exp(y * .log(x)) }
