import { enduringTests } from './enduring.ts'
import { findingTests } from './finding.ts'
import { postgresGround } from './postgres-ground.ts'
import { preparingTests } from './preparing.ts'
import { refusingTests } from './refusing.ts'
import { writingTests } from './writing.ts'

writingTests('PostgreSQL', postgresGround)
refusingTests('PostgreSQL', postgresGround)
findingTests('PostgreSQL', postgresGround)
preparingTests('PostgreSQL', postgresGround)
enduringTests('PostgreSQL', postgresGround)
